using Rectify.Data;
using Rectify.Inference;
using Rectify.Kernels;
using Rectify.Kernels.Threading;
using Rectify.Tensors;
using Rectify.Training;

namespace Rectify.Onnx.Conversion;

/// <summary>Classifiers of ONNX models.</summary>
public static class OnnxClassifier
{
    /// <summary>Loads a model and starts the thread that runs it, by the engine's kernels.</summary>
    /// <param name="path">The file; docs/formats.md says which models become networks.</param>
    /// <param name="model">What the file may not say: input, crop, names of classes.</param>
    /// <param name="decoder">Decodes pictures.</param>
    /// <param name="options">What to answer, and with which means; <see cref="ClassifierOptions.Checkpoint"/> is for runs.</param>
    /// <exception cref="UsageException">Nothing says what the input is, or how large.</exception>
    /// <exception cref="RectifyException">The file cannot be read, or its graph is not converted; one sentence names the node.</exception>
    public static Classifier Load(string path, OnnxNetworkOptions model, IImageDecoder decoder, ClassifierOptions? options = null)
    {
        using Workers workers = new(1);
        TrainedNetwork trained = OnnxNetwork.Load(path, model, new KernelContext(workers));
        SampleTransform view = new Preprocessing(trained.Recipe.Size).Evaluation(trained.Mean);
        return Classifier.FromNetwork(trained.Network, trained.Recipe.Classes, view, decoder, options, disposeNetwork: true);
    }
}
