using Rectify.Inference;

namespace Rectify.Imaging;

/// <summary>Adds to <see cref="Classifier"/> what needs a codec.</summary>
public static class PhotoClassifier
{
    extension(Classifier)
    {
        /// <summary>Loads a run's network to classify JPEG and PNG files.</summary>
        /// <param name="run">The run's folder: a path such as runs/x, from the current directory, or a name alone for a folder under runs/.</param>
        /// <param name="options">What to answer, and with which means.</param>
        /// <exception cref="Tensors.RectifyException">There is no such run or checkpoint, it is broken, or an option is out of range.</exception>
        public static Classifier Load(string run, ClassifierOptions? options = null) =>
            Classifier.Load(run, new PhotoDecoder(), options, disposeDecoder: true);

        /// <summary>Loads a model's weights from a safetensors file to classify JPEG and PNG files.</summary>
        /// <param name="path">The file. Its tensors have the names and shapes of the model's parameters ([K,C,R,S]), as checkpoints have them.</param>
        /// <param name="weights">Which model it is, and what else the file may not say.</param>
        /// <param name="options">What to answer, and with which means.</param>
        /// <exception cref="Tensors.RectifyException">The file cannot be read, is damaged or of another model, the mean is nowhere, or an option is out of range.</exception>
        public static Classifier LoadWeights(string path, WeightsOptions weights, ClassifierOptions? options = null) =>
            Classifier.LoadWeights(path, weights, new PhotoDecoder(), options, disposeDecoder: true);
    }
}
